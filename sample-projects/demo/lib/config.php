<?php
// One server for everything; change on the day of the move!
define('DB_HOST', '10.20.0.15');
define('DB_NAME', 'harbour');
define('DB_USER', 'shop');
define('DB_PASS', 'S3aGull!2009');
define('UPLOAD_DIR', '/srv/harbour/uploads');
define('EXPORT_DIR', '/srv/harbour/export');
define('LOG_FILE', '/var/log/harbour/shop.log');
define('TAX_SERVICE', 'http://tax.harbour.local:8080/rates');
date_default_timezone_set('Europe/Amsterdam');
