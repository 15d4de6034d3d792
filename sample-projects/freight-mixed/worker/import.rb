require 'csv'
require 'fileutils'
require 'logger'
require 'mysql2'
require_relative 'lib/rates'

LOG = Logger.new('/var/log/freight/worker.log')
DB = Mysql2::Client.new(host: 'db2.freight.local', username: 'worker', database: 'freight')

Dir.glob('/srv/freight/inbox/*.csv').each do |file|
  CSV.foreach(file) { |row| DB.query("INSERT INTO shipments (id, address) VALUES (#{row[0].to_i}, '#{DB.escape(row[1])}')") }
  FileUtils.mkdir_p('/srv/freight/done')
  FileUtils.mv(file, '/srv/freight/done')
  LOG.info(Rates.fetch(file))
end
