-- Work for Debian's Lua: closures, coroutines, strings, patterns, tables, numbers, errors.
local function sieve(limit)
  local composite, primes = {}, {}
  for n = 2, limit do
    if not composite[n] then
      primes[#primes + 1] = n
      for multiple = n * n, limit, n do composite[multiple] = true end
    end
  end
  return primes
end
local primes = sieve(5000)
print(#primes, primes[#primes])

local function permutations(items, n)
  n = n or #items
  if n <= 1 then coroutine.yield(table.concat(items)) end
  for i = 1, n do
    items[n], items[i] = items[i], items[n]
    permutations(items, n - 1)
    items[n], items[i] = items[i], items[n]
  end
end
local found = {}
for text in coroutine.wrap(function() permutations({ "t", "a", "g", "s", "!" }) end) do found[#found + 1] = text end
table.sort(found)
print(#found, found[1], found[60], found[#found])

local counts, words = {}, {}
for word in ("the tag of the granule is the tag of the pointer"):gmatch("%a+") do
  if not counts[word] then words[#words + 1] = word end
  counts[word] = (counts[word] or 0) + 1
end
table.sort(words, function(a, b) return counts[a] > counts[b] or counts[a] == counts[b] and a < b end)
for _, word in ipairs(words) do io.write(word, " ", counts[word], "; ") end
print()

local Vector = {}
Vector.__index = Vector
Vector.__add = function(a, b) return setmetatable({ x = a.x + b.x, y = a.y + b.y }, Vector) end
Vector.__tostring = function(v) return string.format("(%.10g, %.10g)", v.x, v.y) end
local sum = setmetatable({ x = 0, y = 0 }, Vector)
for i = 1, 1000 do sum = sum + setmetatable({ x = math.sin(i), y = 1 / i }, Vector) end
print(sum)

print(pcall(function() local nothing; return nothing.field end))
print(select("#", table.unpack({ 1, 2, nil, 4 }, 1, 4)), 7 // 2, -7 // 2, -7 % 3, 2 ^ 0.5, 1 << 62, math.maxinteger + 1 == math.mininteger)
print(("%5.2f|%-8s|%x|%q"):format(3.14159, "left", 255, "line\n"), ("abc"):rep(3, "-"), ("hello"):byte(1, -1))
print(string.pack("<i4 s2 d", 7, "tag", 0.5):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
local garbage = {}
for i = 1, 30000 do garbage[i % 100 + 1] = { i, tostring(i) } end
collectgarbage()
print(collectgarbage("count") < 2000, #garbage, load("return 6 * 7")())
