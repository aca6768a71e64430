/* What an administrator chose when the package was made. */
const options = (document.body.dataset.options || "").split(" ");
export const has = (option) => options.includes(option);
