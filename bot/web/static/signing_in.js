// Looking at a sign-in link must not use it up, so the page itself says that somebody is here.
document.getElementById("enter").requestSubmit();
