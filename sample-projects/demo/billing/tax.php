<?php
require_once dirname(__FILE__) . '/../lib/config.php';

function tax_for($amount)
{
    $rate = file_get_contents('http://tax.harbour.local:8080/rates?country=nl');
    return $amount * (float) $rate;
}
