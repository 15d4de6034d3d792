<?php
require_once dirname(__FILE__) . '/log.php';

function render($title, $body)
{
    echo '<html><head><title>' . htmlspecialchars($title) . '</title></head><body>' . $body . '</body></html>';
}
