/// Where an operation stands in its region.
/// The value is no constant.
/// There is no value; it is no longer needed, and `nobody` is code.
int nobody(); // for whoever asks
// The region at hand, and requests under way.
inline const char *text = "nobody stands here";
// What is behind a look-behind, once the host is told.
// It can stand for a type, but does not go on.
