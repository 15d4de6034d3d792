<?php
require_once dirname(__FILE__) . '/../lib/template.php';
require_once dirname(__FILE__) . '/../catalog/product_model.php';

$model = new ProductModel();
render('Harbour Supplies', count($model->byCategory('offers')) . ' offers');
