// TODO: later
int TODOs;
