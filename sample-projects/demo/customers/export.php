<?php
require_once dirname(__FILE__) . '/../lib/db.php';
require_once dirname(__FILE__) . '/../lib/config.php';

// For the yearly mailing.
$out = fopen(EXPORT_DIR . '/customers-' . date('Y') . '.csv', 'w');
foreach (db_rows('SELECT email, name FROM customers') as $row) {
    fputcsv($out, $row);
}
fclose($out);
