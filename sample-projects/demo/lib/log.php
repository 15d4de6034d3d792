<?php
require_once dirname(__FILE__) . '/config.php';

function log_write($level, $message)
{
    $handle = fopen(LOG_FILE, 'a');
    fwrite($handle, date('c') . " [$level] $message\n");
    fclose($handle);
}
