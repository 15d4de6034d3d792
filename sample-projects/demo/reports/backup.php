<?php
require_once dirname(__FILE__) . '/../lib/config.php';

$zip = new ZipArchive();
$zip->open('/srv/harbour/backup/invoices-' . date('W') . '.zip', ZipArchive::CREATE);
foreach (glob('/srv/harbour/invoices/*/*.pdf') as $file) {
    $zip->addFile($file);
}
$zip->close();
exec('mysqldump -h 10.20.0.15 harbour > /srv/harbour/backup/harbour.sql');
