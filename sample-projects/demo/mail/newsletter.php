<?php
require_once dirname(__FILE__) . '/mailer.php';
require_once dirname(__FILE__) . '/../lib/db.php';

foreach (db_rows('SELECT customer_id FROM subscriptions WHERE active = 1') as $row) {
    send_mail_to_customer($row['customer_id'], 'News from the harbour', null);
}
