// What stands behind # is sent to nobody; it is put into the form, and taken out of the address.
const token = document.getElementById("token");
if (token && location.hash.length > 1) {
  token.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
