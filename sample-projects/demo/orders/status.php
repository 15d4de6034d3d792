<?php
require_once dirname(__FILE__) . '/../lib/session.php';
require_once dirname(__FILE__) . '/order_model.php';

require_login();
header('Content-Type: application/json');
$model = new OrderModel();
echo json_encode($model->ofCustomer(current_customer()));
