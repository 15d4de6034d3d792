<?php
require_once dirname(__FILE__) . '/../lib/db.php';

class CustomerModel
{
    public function find($id)
    {
        $rows = db_rows('SELECT id, email, name, vat_number FROM customers WHERE id = ' . (int) $id);
        return $rows ? $rows[0] : null;
    }

    public function login($email, $password)
    {
        $rows = db_rows("SELECT id FROM customers WHERE email = '" . db_escape($email) . "' AND password = '" . md5($password) . "'");
        return $rows ? $rows[0]['id'] : null;
    }

    public function addresses($id)
    {
        return db_rows('SELECT street, city, country FROM addresses WHERE customer_id = ' . (int) $id);
    }
}
