/* Copies code from the page that writes it; without script, the text is there to be marked. */
for (const button of document.querySelectorAll("[data-copies]")) {
  const said = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copies);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Kopiert";
    } catch {
      button.textContent = "Markiert: jetzt Strg+C";
    }
    setTimeout(() => { button.textContent = said; }, 3000);
  });
}
