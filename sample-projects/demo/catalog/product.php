<?php
require_once dirname(__FILE__) . '/../lib/template.php';
require_once dirname(__FILE__) . '/product_model.php';

$model = new ProductModel();
$product = $model->find($_GET['id']);
render($product['name'], '<h1>' . htmlspecialchars($product['name']) . '</h1>');
