<?php
require_once dirname(__FILE__) . '/../lib/db.php';
require_once dirname(__FILE__) . '/../catalog/product_model.php';

class OrderModel
{
    public function create($customer, array $lines)
    {
        db_query('INSERT INTO orders (customer_id, created) VALUES (' . (int) $customer . ', NOW())');
        $id = mysql_insert_id();
        $products = new ProductModel();
        foreach ($lines as $product => $count) {
            db_query("INSERT INTO order_lines (order_id, product_id, quantity) VALUES ($id, " . (int) $product . ', ' . (int) $count . ')');
            $products->reserve($product, $count);
        }
        return $id;
    }

    public function ofCustomer($customer)
    {
        return db_rows('SELECT id, created, status FROM orders WHERE customer_id = ' . (int) $customer);
    }

    public function lines($order)
    {
        return db_rows('SELECT l.quantity, p.name, p.price FROM order_lines l JOIN products p ON p.id = l.product_id WHERE l.order_id = ' . (int) $order);
    }
}
