<?php
session_save_path('/srv/harbour/sessions');
session_start();

function current_customer()
{
    return isset($_SESSION['customer_id']) ? $_SESSION['customer_id'] : null;
}

function require_login()
{
    if (current_customer() === null) {
        header('Location: /customers/login.php');
        exit;
    }
}
