var express = require('express');
var multer = require('multer');
var winston = require('winston');
var shipments = require('./routes/shipments');

var logger = new winston.Logger({
  transports: [new winston.transports.File({ filename: '/var/log/freight/portal.log' })]
});

var app = express();
app.use(multer({ dest: '/srv/freight/uploads' }));
app.use('/shipments', shipments);
app.listen(process.env.PORT || 3000, function () {
  logger.info('portal is up');
});
