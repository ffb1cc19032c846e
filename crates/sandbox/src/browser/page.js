
const { message, origin } = document.body.dataset;
const waiting = window.opener || (window.parent === window ? null : window.parent);
if (waiting) waiting.postMessage(message, origin);
