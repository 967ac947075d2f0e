// What stands behind # is sent to nobody: it is put into the form and taken out of the address. This tab keeps it until the
// link was taken, because a password may be refused before.
const token = document.getElementById("token");

function take() {
  if (location.hash.length > 1) {
    sessionStorage.setItem("invitation", location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
  }
  token.value = sessionStorage.getItem("invitation") ?? "";
  token.closest("p").hidden = token.value !== "";
}

if (token) {
  take();
  addEventListener("hashchange", take);
} else {
  sessionStorage.removeItem("invitation");
}

// Who taps twice sends once.
let sent = false;
addEventListener("pageshow", () => { sent = false; });
addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
