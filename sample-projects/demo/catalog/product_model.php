<?php
require_once dirname(__FILE__) . '/../lib/db.php';

class ProductModel
{
    public function find($id)
    {
        $rows = db_rows('SELECT id, sku, name, price, stock FROM products WHERE id = ' . (int) $id);
        return $rows ? $rows[0] : null;
    }

    public function byCategory($category)
    {
        return db_rows("SELECT p.id, p.name, p.price FROM products p JOIN categories c ON c.id = p.category_id WHERE c.slug = '" . db_escape($category) . "'");
    }

    public function reserve($id, $count)
    {
        db_query('UPDATE products SET stock = stock - ' . (int) $count . ' WHERE id = ' . (int) $id);
    }
}
