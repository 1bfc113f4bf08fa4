// On leaving a field, the back office's calendar writes today over what it can't read. What was typed stays:
// the server reads it, or says how a day is written.
jQuery.fn.datetimepicker.defaults.validateOnBlur = false;
