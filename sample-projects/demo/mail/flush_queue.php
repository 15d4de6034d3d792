<?php
require_once dirname(__FILE__) . '/mailer.php';

foreach (glob('/srv/harbour/mail-queue/*.mail') as $file) {
    $row = unserialize(file_get_contents($file));
    send_mail_to_customer($row['id'], 'Delayed mail', null);
    unlink($file);
}
