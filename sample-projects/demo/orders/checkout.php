<?php
require_once dirname(__FILE__) . '/../lib/session.php';
require_once dirname(__FILE__) . '/../lib/template.php';
require_once dirname(__FILE__) . '/../lib/log.php';
require_once dirname(__FILE__) . '/order_model.php';
require_once dirname(__FILE__) . '/../billing/invoice.php';
require_once dirname(__FILE__) . '/../mail/mailer.php';

require_login();
$orders = new OrderModel();
$order = $orders->create(current_customer(), $_SESSION['cart']);
$invoice = new Invoice($order);
$path = $invoice->writePdf();
send_mail_to_customer(current_customer(), 'Your order', $path);
log_write('INFO', "order $order placed");
unset($_SESSION['cart']);
render('Thank you', 'Your order number is ' . $order);
