<?php
require_once dirname(__FILE__) . '/../lib/db.php';
require_once dirname(__FILE__) . '/../mail/mailer.php';

$rows = db_rows('SELECT o.customer_id, i.total FROM invoices i JOIN orders o ON o.id = i.order_id WHERE i.paid = 0');
foreach ($rows as $row) {
    send_mail_to_customer($row['customer_id'], 'Payment reminder', null);
}
touch('/srv/harbour/run/dunning.last');
