<?php
require_once dirname(__FILE__) . '/../lib/session.php';
require_once dirname(__FILE__) . '/../lib/template.php';
require_once dirname(__FILE__) . '/../catalog/product_model.php';

if (isset($_POST['product'])) {
    $_SESSION['cart'][$_POST['product']] = (int) $_POST['count'];
}
$model = new ProductModel();
$total = 0;
foreach ((array) $_SESSION['cart'] as $id => $count) {
    $product = $model->find($id);
    $total += $product['price'] * $count;
}
render('Cart', "Total: $total");
