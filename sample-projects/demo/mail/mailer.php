<?php
require_once dirname(__FILE__) . '/../lib/db.php';
require_once dirname(__FILE__) . '/../lib/log.php';
require_once dirname(__FILE__) . '/../customers/customer_model.php';

function send_mail_to_customer($customer, $subject, $attachment)
{
    $model = new CustomerModel();
    $row = $model->find($customer);
    $mail = new PHPMailer();
    $mail->isSMTP();
    $mail->Host = 'mail01.harbour.local';
    $mail->Port = 25;
    $mail->addAddress($row['email']);
    $mail->Subject = $subject;
    if ($attachment) {
        $mail->addAttachment($attachment);
    }
    if (!$mail->send()) {
        file_put_contents('/srv/harbour/mail-queue/' . uniqid() . '.mail', serialize($row));
        log_write('WARN', 'mail queued');
    }
}
