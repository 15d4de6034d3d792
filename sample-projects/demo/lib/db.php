<?php
require_once dirname(__FILE__) . '/config.php';

function db_connect()
{
    static $link = null;
    if ($link === null) {
        $link = mysql_connect('10.20.0.15', DB_USER, DB_PASS);
        mysql_select_db(DB_NAME, $link);
    }
    return $link;
}

function db_query($sql)
{
    $result = mysql_query($sql, db_connect());
    if (!$result) {
        log_write('ERROR', mysql_error());
    }
    return $result;
}

function db_rows($sql)
{
    $rows = array();
    $result = db_query($sql);
    while ($result && ($row = mysql_fetch_assoc($result))) {
        $rows[] = $row;
    }
    return $rows;
}

function db_escape($value)
{
    return mysql_real_escape_string($value, db_connect());
}
