<?php
require_once dirname(__FILE__) . '/../lib/db.php';
require_once dirname(__FILE__) . '/../lib/template.php';

$body = '';
foreach (db_rows('SELECT sku, stock FROM products WHERE stock < 5') as $row) {
    $body .= $row['sku'] . ': ' . $row['stock'] . '<br>';
}
render('Low stock', $body);
