<?php
// Page fragments, kept beside the code.
define('CACHE_DIR', dirname(__FILE__) . '/../cache');

function cache_get($key)
{
    $file = CACHE_DIR . '/' . md5($key);
    return is_file($file) ? unserialize(file_get_contents($file)) : null;
}

function cache_put($key, $value)
{
    file_put_contents(CACHE_DIR . '/' . md5($key), serialize($value));
}

function cache_clear()
{
    foreach (glob(CACHE_DIR . '/*') as $file) {
        unlink($file);
    }
}
