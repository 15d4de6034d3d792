var fs = require('fs');
var path = require('path');
var router = require('express').Router();
var db = require('../db');

router.post('/:id/label', function (req, res) {
  var target = path.join('/srv/freight/labels', req.params.id + '.txt');
  db.query('SELECT * FROM shipments WHERE id = ?', [req.params.id], function (err, rows) {
    fs.writeFile(target, rows[0].address, function () {
      res.json({ label: target });
    });
  });
});

module.exports = router;
