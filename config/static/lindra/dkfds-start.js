// Starts Det Fælles Designsystem's components on the pages that ask for them (lindra/dkfds.html).
DKFDS.init();
