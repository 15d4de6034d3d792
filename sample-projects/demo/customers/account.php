<?php
require_once dirname(__FILE__) . '/../lib/session.php';
require_once dirname(__FILE__) . '/../lib/template.php';
require_once dirname(__FILE__) . '/customer_model.php';
require_once dirname(__FILE__) . '/../orders/order_model.php';

require_login();
$model = new CustomerModel();
$customer = $model->find(current_customer());
$orders = new OrderModel();
render('My account', htmlspecialchars($customer['name']) . count($orders->ofCustomer($customer['id'])));
