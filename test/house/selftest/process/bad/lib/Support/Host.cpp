const char *value(const char *name) { return std::getenv(name); }
