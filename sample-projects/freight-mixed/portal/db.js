var mysql = require('mysql');

module.exports = mysql.createPool({
  host: 'db2.freight.local',
  user: 'portal',
  password: 'crate',
  database: 'freight'
});
