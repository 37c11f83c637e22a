// Lets the browser make or use a passkey; without it, or without this script, the authenticator app remains.
for (const box of document.querySelectorAll("[data-passkey]")) {
  const way = box.dataset.passkey;
  const parse = window.PublicKeyCredential && (way === "create"
    ? PublicKeyCredential.parseCreationOptionsFromJSON
    : PublicKeyCredential.parseRequestOptionsFromJSON);
  if (!parse) continue;
  const form = box.querySelector("form");
  const fault = box.querySelector("[data-passkey-fault]");
  box.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      const publicKey = parse.call(PublicKeyCredential, JSON.parse(box.dataset.options));
      const credential = await navigator.credentials[way]({ publicKey });
      form.elements.passkey.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      fault.hidden = false;
    }
  });
}
