use std::fs;
use std::net::TcpStream;

fn main() -> std::io::Result<()> {
    let _scale = TcpStream::connect("10.30.1.7:4001")?;
    fs::create_dir_all("/srv/freight/weights")?;
    fs::write("/srv/freight/weights/last.txt", "0")
}
