<?php
require_once dirname(__FILE__) . '/../lib/db.php';
require_once dirname(__FILE__) . '/../lib/log.php';
require_once dirname(__FILE__) . '/../lib/cache.php';

// Nightly price list of the wholesaler.
$local = tempnam('/tmp', 'prices');
$ftp = ftp_connect('ftp.wholesale.local');
ftp_login($ftp, 'harbour', 'anchor');
ftp_get($ftp, $local, 'prices.csv', FTP_ASCII);
foreach (file($local) as $line) {
    list($sku, $price) = explode(';', trim($line));
    db_query("UPDATE products SET price = " . (float) $price . " WHERE sku = '" . db_escape($sku) . "'");
}
unlink($local);
cache_clear();
log_write('INFO', 'prices imported');
