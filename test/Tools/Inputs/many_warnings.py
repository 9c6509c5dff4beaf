"""Prints a function with 150 parameters that are never read, with an expectation for each."""
count = 150
print("// expected-warning@+1 %d {{is never read}}" % count)
print("func @f(%s) { return }" % ", ".join("%%a%d: i64" % i for i in range(count)))
