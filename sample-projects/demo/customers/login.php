<?php
require_once dirname(__FILE__) . '/../lib/session.php';
require_once dirname(__FILE__) . '/../lib/template.php';
require_once dirname(__FILE__) . '/customer_model.php';

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $model = new CustomerModel();
    $_SESSION['customer_id'] = $model->login($_POST['email'], $_POST['password']);
}
render('Log in', '<form method="post"><input name="email"><input name="password" type="password"></form>');
