<?php
require_once dirname(__FILE__) . '/../lib/db.php';
require_once dirname(__FILE__) . '/../orders/order_model.php';
require_once dirname(__FILE__) . '/tax.php';

class Invoice
{
    private $order;

    public function __construct($order)
    {
        $this->order = $order;
    }

    public function writePdf()
    {
        $orders = new OrderModel();
        $pdf = new FPDF();
        $pdf->AddPage();
        $total = 0;
        foreach ($orders->lines($this->order) as $line) {
            $pdf->Cell(0, 8, $line['name']);
            $total += $line['price'] * $line['quantity'];
        }
        $total += tax_for($total);
        db_query('INSERT INTO invoices (order_id, total) VALUES (' . (int) $this->order . ', ' . (float) $total . ')');
        $directory = '/srv/harbour/invoices/' . date('Y');
        if (!is_dir($directory)) {
            mkdir($directory, 0775, true);
        }
        $path = $directory . '/' . $this->order . '.pdf';
        $pdf->Output($path, 'F');
        return $path;
    }
}
