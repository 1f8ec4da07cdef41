// A bare window of WebKitGTK for WebKitWebDriver, run by `gjs -m`. It replaces MiniBrowser, whose toolbar makes small
// windows impossible. Nor can MiniBrowser set preferences such as dark mode, or run a script before the page's scripts.
import GLib from 'gi://GLib';
import Gtk from 'gi://Gtk?version=3.0';
import WebKit2 from 'gi://WebKit2?version=4.1';

const { width, height, locale, dark, reducedMotion, proxy, scripts } = JSON.parse(ARGV[0]);

Gtk.init(null);
const desktop = Gtk.Settings.get_default();
desktop.gtk_application_prefer_dark_theme = dark;
desktop.gtk_enable_animations = !reducedMotion;

const context = WebKit2.WebContext.new_ephemeral();
if (locale) context.set_preferred_languages([locale]);
const settings = new WebKit2.NetworkProxySettings(proxy, []);
context.get_website_data_manager().set_network_proxy_settings(WebKit2.NetworkProxyMode.CUSTOM, settings);
context.set_automation_allowed(true);
context.connect('automation-started', (_context, session) => {
  const info = new WebKit2.ApplicationInfo();
  info.set_name('shout-box tests');
  info.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version());
  session.set_application_info(info);
  session.connect('create-web-view', () => show(new WebKit2.WebView({ ...ours(), web_context: context })));
});

const ours = () => {
  const manager = new WebKit2.UserContentManager();
  for (const source of scripts) {
    const { ALL_FRAMES } = WebKit2.UserContentInjectedFrames;
    const { START } = WebKit2.UserScriptInjectionTime;
    manager.add_script(new WebKit2.UserScript(source, ALL_FRAMES, START, null, null));
  }
  // Prints what the page reports (telling.ts). The tests read the standard output of WebKitWebDriver, and this program
  // inherits it.
  manager.connect('script-message-received::told', (_manager, result) => print(result.get_js_value().to_string()));
  manager.register_script_message_handler('told');
  return {
    user_content_manager: manager,
    is_controlled_by_automation: true,
    // Lets a script open a window without a click, as the other engines do under automation.
    settings: new WebKit2.Settings({ javascript_can_open_windows_automatically: true }),
  };
};

const loop = new GLib.MainLoop(null, false);
let open = 0;

function show(view) {
  const window = new Gtk.Window({ default_width: width, default_height: height });
  window.add(view);
  view.connect('create', (opener) => show(new WebKit2.WebView({ related_view: opener })));
  view.connect('close', () => {
    window.destroy();
    print('{"event":"window","type":"closed"}');
    open -= 1;
    // Ends the program when its last window closes, at the latest at the end of the WebDriver session.
    if (open === 0) loop.quit();
  });
  open += 1;
  print('{"event":"window","type":"opened"}');
  window.show_all();
  view.grab_focus();
  // Gives the focus to the window, because there is no window manager that would.
  window.get_window().focus(0);
  return view;
}

loop.run();
