<?php
require_once dirname(__FILE__) . '/../lib/db.php';
require_once dirname(__FILE__) . '/../lib/config.php';

$rows = db_rows('SELECT p.name, SUM(l.quantity) AS sold FROM order_lines l JOIN products p ON p.id = l.product_id GROUP BY p.id');
$temporary = tempnam('/tmp', 'sales');
$out = fopen($temporary, 'w');
foreach ($rows as $row) {
    fputcsv($out, $row);
}
fclose($out);
rename($temporary, EXPORT_DIR . '/sales-' . date('Ymd') . '.csv');
