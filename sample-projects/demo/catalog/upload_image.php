<?php
require_once dirname(__FILE__) . '/../lib/session.php';
require_once dirname(__FILE__) . '/../lib/config.php';
require_once dirname(__FILE__) . '/product_model.php';

require_login();
$target = UPLOAD_DIR . '/products/' . (int) $_POST['id'] . '.jpg';
if (move_uploaded_file($_FILES['image']['tmp_name'], $target)) {
    $picture = imagecreatefromjpeg($target);
    $thumb = imagecreatetruecolor(120, 120);
    imagecopyresampled($thumb, $picture, 0, 0, 0, 0, 120, 120, imagesx($picture), imagesy($picture));
    imagejpeg($thumb, UPLOAD_DIR . '/thumbs/' . (int) $_POST['id'] . '.jpg');
}
