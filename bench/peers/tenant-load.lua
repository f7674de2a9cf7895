-- The mix of the service's own load, in the same shares, for sysbench: 40 % point reads, 20 % range reads, 15 % inserts, 15 % updates,
-- 10 % transactions, on a table that is there already.
sysbench.cmdline.options = { table = { "Table with rows 1 to 1000", "" } }

function thread_init()
  connection = sysbench.sql.driver():connect()
end

function thread_done()
  connection:disconnect()
end

local function payload()
  return sysbench.rand.string(string.rep("@", 100))
end

local function insert(name, row)
  connection:query(string.format("INSERT INTO %s (bucket, payload) VALUES (%d, '%s')", name, row % 50, payload()))
end

local function update(name, row)
  connection:query(string.format("UPDATE %s SET counter = counter + 1 WHERE id = %d", name, row))
end

function event()
  local name = sysbench.opt.table
  local row = sysbench.rand.uniform(1, 980)
  local percent = sysbench.rand.uniform(0, 99)
  if percent < 40 then
    connection:query(string.format("SELECT id, counter, payload FROM %s WHERE id = %d", name, row))
  elseif percent < 60 then
    connection:query(string.format("SELECT id, payload FROM %s WHERE id BETWEEN %d AND %d", name, row, row + 19))
  elseif percent < 75 then
    insert(name, row)
  elseif percent < 90 then
    update(name, row)
  else
    connection:query("START TRANSACTION")
    connection:query(string.format("SELECT counter FROM %s WHERE id = %d FOR UPDATE", name, row))
    update(name, row)
    insert(name, row)
    connection:query("COMMIT")
  end
end
