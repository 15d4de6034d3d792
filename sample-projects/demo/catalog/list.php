<?php
require_once dirname(__FILE__) . '/../lib/template.php';
require_once dirname(__FILE__) . '/../lib/cache.php';
require_once dirname(__FILE__) . '/product_model.php';

$category = isset($_GET['c']) ? $_GET['c'] : 'rope';
$body = cache_get("list-$category");
if ($body === null) {
    $model = new ProductModel();
    $body = '';
    foreach ($model->byCategory($category) as $product) {
        $body .= '<a href="/catalog/product.php?id=' . $product['id'] . '">' . htmlspecialchars($product['name']) . '</a>';
    }
    cache_put("list-$category", $body);
}
render('Catalog', $body);
