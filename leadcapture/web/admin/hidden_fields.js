  (function () {
    function fill() {
      var kept = {};
      try { kept = JSON.parse(localStorage.getItem("leadcapture.last")) || {}; } catch (blocked) {}
      var campaign = /[?&](utm_\w+|\w*clid|li_fat_id)=/i;
      var address = campaign.test(location.search) || !kept.url ? location.href : kept.url;
      var values = {
        _page_url: location.href,
        _landing_url: kept.url || location.href,
        _referrer: kept.referrer || document.referrer
      };
      new URL(address).searchParams.forEach(function (value, name) { values[name.toLowerCase()] = value; });
      document.querySelectorAll("input[type=hidden]").forEach(function (field) {
        var value = values[field.name.toLowerCase()];
        if (value && !field.value) field.value = value;
      });
    }
    addEventListener("DOMContentLoaded", fill);
    addEventListener("load", fill);
    document.addEventListener("focusin", fill);
  })();
