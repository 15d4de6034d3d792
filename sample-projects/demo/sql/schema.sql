CREATE TABLE customers (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(200), name VARCHAR(200), password CHAR(32), vat_number VARCHAR(20));
CREATE TABLE addresses (id INT AUTO_INCREMENT PRIMARY KEY, customer_id INT REFERENCES customers (id), street VARCHAR(200), city VARCHAR(100), country CHAR(2));
CREATE TABLE categories (id INT AUTO_INCREMENT PRIMARY KEY, slug VARCHAR(50));
CREATE TABLE products (id INT AUTO_INCREMENT PRIMARY KEY, category_id INT REFERENCES categories (id), sku VARCHAR(30), name VARCHAR(200), price DECIMAL(9,2), stock INT);
CREATE TABLE orders (id INT AUTO_INCREMENT PRIMARY KEY, customer_id INT REFERENCES customers (id), created DATETIME, status VARCHAR(20));
CREATE TABLE order_lines (id INT AUTO_INCREMENT PRIMARY KEY, order_id INT REFERENCES orders (id), product_id INT REFERENCES products (id), quantity INT);
CREATE TABLE invoices (id INT AUTO_INCREMENT PRIMARY KEY, order_id INT REFERENCES orders (id), total DECIMAL(9,2), paid TINYINT DEFAULT 0);
CREATE TABLE subscriptions (customer_id INT REFERENCES customers (id), active TINYINT);
