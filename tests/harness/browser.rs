//! Browsers with the app in them, which no two tests share anything in.
//!
//! Starting a browser takes as long as many a test. So a test whose browser need not be anything special
//! is given one that another has left, and an address of its own: to a browser that is another site, with
//! nothing stored.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    rc::Rc,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    Capabilities, WebDriver, WindowHandle,
    common::command::FormatRequestData,
    error::{WebDriverError, WebDriverResult},
    prelude::*,
    session::handle::SessionHandle,
};

use super::{
    site::{ADDRESS, RUNTIME, named},
    wait::{eventually, within},
};

/// When every test begins, as far as its pages know: a day after the worked example's last change.
const BEGIN_MILLIS: i64 = 1_795_510_800_000;

const CLOCK: &str = include_str!("clock.js");

/// Runs the driver until whoever started this ends, in whatever way; the browser ends with its driver.
/// What the driver says is all that goes out, so that its end shows.
const DRIVER: &str = r#"
    "$1" --port=0 &
    exec > /dev/null
    cat
    kill -9 $!
    [ -z "$2" ] || { sleep 2; rm -rf "$2"; }
"#;

/// Browsers that tests have left.
static IDLE: Mutex<Vec<Running>> = Mutex::new(Vec::new());

thread_local! {
    /// The app under a name that no other test knows; every test runs in a thread of its own.
    static OWN_ADDRESS: String = {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        ADDRESS.replace("127.0.0.1", &format!("test-{number}.localhost"))
    };
}

/// Width and height of a desk's window, in pixels.
const DESK: (u32, u32) = (1280, 900);

/// What a browser is like before it starts.
#[derive(Clone)]
pub(crate) struct Setup {
    width: u32,
    height: u32,
    preferences: Value,
    scripts: Vec<String>,
    address: String,
    /// Whether nobody had the browser before.
    is_new: bool,
}

impl Default for Setup {
    /// A desk: 1280 pixels wide.
    fn default() -> Self {
        Self {
            width: DESK.0,
            height: DESK.1,
            preferences: json!({}),
            scripts: Vec::new(),
            address: OWN_ADDRESS.with(String::clone),
            is_new: false,
        }
    }
}

impl Setup {
    /// A phone: 390 pixels wide, with touch.
    pub(crate) fn phone() -> Self {
        Self {
            width: 390,
            height: 844,
            ..Self::default()
        }
    }

    /// A tablet held upright: 768 pixels wide.
    pub(crate) fn tablet() -> Self {
        Self {
            width: 768,
            height: 1_024,
            ..Self::default()
        }
    }

    /// With a preference of the profile.
    pub(crate) fn preference(mut self, name: &str, value: Value) -> Self {
        self.preferences[name] = value;
        self.in_new_browser()
    }

    /// In a browser that nobody had before and nobody gets afterwards: one to be killed, or to be left
    /// otherwise than it was found.
    pub(crate) fn in_new_browser(mut self) -> Self {
        self.is_new = true;
        self
    }

    /// With a script that runs in each page before anything of the page does.
    pub(crate) fn before_load(mut self, script: &str) -> Self {
        self.scripts.push(script.to_owned());
        self
    }

    /// With the app at another address.
    pub(crate) fn address(mut self, address: &str) -> Self {
        address.clone_into(&mut self.address);
        self
    }

    /// Starts a browser, with nothing loaded yet.
    #[track_caller]
    pub(crate) fn start_blank(self) -> Page {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = i64::try_from(now.unwrap_or_default().as_millis()).unwrap_or_default();
        let running = if self.is_new {
            None
        } else {
            Running::left_for(&self.address)
        };
        let running = running.unwrap_or_else(|| Running::start(&self, Home::new()));
        let browser = Browser {
            setup: self,
            clock_offset: Cell::new(BEGIN_MILLIS - now),
            running: RefCell::new(Some(running)),
            expected: RefCell::new(Vec::new()),
        };
        let window = browser.current_window();
        let page = Page {
            browser: Rc::new(browser),
            window,
        };
        page.prepare();
        page
    }

    /// Starts a browser with the app in it.
    #[track_caller]
    pub(crate) fn start(self) -> Page {
        let page = self.start_blank();
        page.go("");
        page
    }
}

pub(crate) struct Browser {
    setup: Setup,
    /// What the pages' clock is ahead of this machine's, in milliseconds.
    pub(super) clock_offset: Cell<i64>,
    running: RefCell<Option<Running>>,
    /// Parts of messages that may stand in the console.
    expected: RefCell<Vec<String>>,
}

/// What a browser has on the disk.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(TempDir::new().expect("a folder for the browser"));
        fs::create_dir(home.downloads()).expect("a folder for downloads");
        home
    }

    fn profile(&self) -> PathBuf {
        self.0.path().join("profile")
    }

    fn downloads(&self) -> PathBuf {
        self.0.path().join("downloads")
    }
}

struct Running {
    home: Home,
    /// The driver, for as long as it has an input.
    driver: Child,
    session: Arc<SessionHandle>,
    process: u64,
    /// Empty and always there.
    first_window: WindowHandle,
    window: RefCell<WindowHandle>,
    /// The addresses under which the app was used in it.
    addresses: BTreeSet<String>,
}

impl Running {
    /// A browser that another test has left, with a window of its own, if there is one in which nothing
    /// was ever at this address.
    fn left_for(address: &str) -> Option<Self> {
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        let at = (0..idle.len()).find(|at| !idle[*at].addresses.contains(address))?;
        let mut running = idle.swap_remove(at);
        drop(idle);
        running.addresses.insert(address.to_owned());
        running.open_window();
        Some(running)
    }

    fn open_window(&self) {
        let opened = RUNTIME.block_on(async {
            let window = self.session.new_window().await?;
            self.session.switch_to_window(window.clone()).await?;
            Ok::<_, WebDriverError>(window)
        });
        self.window.replace(opened.expect("a window of its own"));
    }

    /// Closes what a test has opened, so that another may have the browser.
    fn leave(self) -> WebDriverResult<()> {
        RUNTIME.block_on(async {
            for window in self.session.windows().await? {
                if window != self.first_window {
                    self.session.switch_to_window(window).await?;
                    self.session.close_window().await?;
                }
            }
            self.session
                .switch_to_window(self.first_window.clone())
                .await?;
            // Of what a page says while it is closed, no other test is to hear.
            self.session.browser_log().await
        })?;
        self.window.replace(self.first_window.clone());
        for file in fs::read_dir(self.home.downloads())?.flatten() {
            fs::remove_file(file.path())?;
        }
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(self);
        Ok(())
    }

    /// Ends the browser at once, as a power cut would.
    fn kill(self) -> Home {
        let process = self.process.to_string();
        let killed = Command::new("kill").args(["-9", &process]).status();
        assert!(killed.is_ok_and(|status| status.success()), "kill -9");
        eventually("the browser's end", || (!is_alive(&process)).then_some(()));
        self.end()
    }

    /// Ends the driver, and with it the browser.
    fn end(mut self) -> Home {
        drop(self.driver.stdin.take());
        drop(self.driver.wait());
        // Until then it writes, where its folder is about to be removed.
        let process = self.process.to_string();
        within(Duration::from_secs(10), || {
            (!is_alive(&process)).then_some(())
        });
        self.home
    }

    #[track_caller]
    fn start(setup: &Setup, home: Home) -> Self {
        let (driver, port) = start_driver(if setup.is_new { None } else { Some(&home) });
        let arguments = vec![
            "--headless".to_owned(),
            "--no-sandbox".into(),
            "--disable-gpu".into(),
            "--disable-quic".into(),
            "--no-first-run".into(),
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-sync".into(),
            "--disable-dev-shm-usage".into(),
            // Ends with its driver, which holds the other end.
            "--remote-debugging-pipe".into(),
            // The page below the address bar of a window that nobody sees takes a second of processor
            // time at each start.
            "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
                .into(),
            // Tabs that are not looked at work on, as several windows side by side would.
            "--disable-background-timer-throttling".into(),
            "--disable-renderer-backgrounding".into(),
            "--disable-backgrounding-occluded-windows".into(),
            "--lang=en-GB".into(),
            // The same for all: a test of another size may have this browser next.
            format!("--window-size={},{}", DESK.0, DESK.1),
            format!("--user-data-dir={}", home.profile().display()),
        ];
        let mut preferences = json!({
            "download.default_directory": home.downloads(),
            "download.prompt_for_download": false,
            "profile.default_content_setting_values.automatic_downloads": 1,
        });
        if let (Some(all), Some(more)) =
            (preferences.as_object_mut(), setup.preferences.as_object())
        {
            all.extend(more.clone());
        }
        let options = json!({
            "binary": named("CRUXBOARD_CHROMIUM", "/usr/bin/chromium"),
            "args": arguments,
            "prefs": preferences,
        });
        let mut capabilities = Capabilities::new();
        for (name, value) in [
            ("browserName", json!("chrome")),
            ("goog:loggingPrefs", json!({ "browser": "ALL" })),
            ("goog:chromeOptions", options),
        ] {
            capabilities.set(name, value).expect("a capability");
        }
        // A slow start is tried again: several browsers start at once on a busy machine.
        let connected = within(Duration::from_secs(60), || {
            let builder =
                WebDriver::builder(format!("http://127.0.0.1:{port}"), capabilities.clone());
            let builder = builder.request_timeout(Duration::from_secs(300));
            RUNTIME.block_on(builder.connect()).ok()
        });
        let connected = connected.expect("the browser starts");
        let session = Arc::clone(connected.handle());
        // The session is ended here, with the browser's processes, and not wherever it is dropped.
        drop(connected.leak());
        let process = session.capabilities().get("goog:processID");
        let process = process
            .and_then(Value::as_u64)
            .expect("the browser's process");
        let _set = RUNTIME.block_on(session.set_script_timeout(Duration::from_secs(280)));
        let window = RUNTIME.block_on(session.window()).expect("a window");
        let running = Self {
            home,
            driver,
            session,
            process,
            first_window: window.clone(),
            window: RefCell::new(window),
            addresses: BTreeSet::from([setup.address.clone()]),
        };
        if !setup.is_new {
            running.open_window();
        }
        running
    }
}

impl Browser {
    fn current_window(&self) -> WindowHandle {
        let running = self.running.borrow();
        let running = running.as_ref().expect("a running browser");
        running.window.borrow().clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let Some(running) = self.running.take() else {
            return;
        };
        let log = RUNTIME.block_on(running.session.browser_log());
        if self.setup.is_new || thread::panicking() {
            running.end();
        } else if let Err(error) = running.leave() {
            eprintln!("a browser could not be left for another test: {error}");
        }
        if thread::panicking() {
            return;
        }
        // Every test is also a test that nothing broke on the way, and that the policy of the page
        // was never violated.
        let expected = self.expected.borrow();
        let complaints: Vec<_> = log
            .unwrap_or_default()
            .into_iter()
            .filter(|entry| entry.level == "SEVERE" || entry.message.contains("Content Security"))
            .map(|entry| entry.message)
            .filter(|message| !expected.iter().any(|part| message.contains(part)))
            .collect();
        assert!(complaints.is_empty(), "the console says {complaints:#?}");
    }
}

/// A question about an element that the driver answers.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) id: String,
    pub(super) what: &'static str,
}

impl FormatRequestData for Ask {
    fn format_request(&self, session: &thirtyfour::SessionId) -> thirtyfour::RequestData {
        let address = format!("/session/{session}/element/{}/{}", self.id, self.what);
        thirtyfour::RequestData::new("GET".parse().expect("a method"), address)
    }
}

fn is_alive(process: &str) -> bool {
    // A zombie is dead; its parent merely has not noticed.
    fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// A driver, and the port that it says it listens on.
///
/// The driver picks a port that is free on IPv4 and then wants the same one on IPv6. Another
/// browser's socket may hold that by then, and the driver gives up; so it is started again.
#[track_caller]
fn start_driver(left_behind: Option<&Home>) -> (Child, u16) {
    let started = (0..10).find_map(|_| {
        let mut driver = Command::new("sh")
            .args(["-c", DRIVER, "sh"])
            .arg(named("CRUXBOARD_CHROMEDRIVER", "/usr/bin/chromedriver"))
            .args(left_behind.map(|home| home.0.path()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let port = port_of(&mut driver);
        if port.is_none() {
            drop(driver.kill());
            drop(driver.wait());
        }
        Some((driver, port?))
    });
    started.expect("a driver that says its port")
}

/// The port that the driver says it listens on; none if it ended before.
fn port_of(driver: &mut Child) -> Option<u16> {
    let output = driver.stdout.take().expect("the driver's output");
    let mut lines = BufReader::new(output).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // Read on, or the driver would stop when nobody takes what it says.
    thread::spawn(move || lines.for_each(drop));
    port
}

/// A tab. Clones are the same tab.
#[derive(Clone)]
pub(crate) struct Page {
    browser: Rc<Browser>,
    window: WindowHandle,
}

impl Page {
    /// A browser at a desk with the app in it.
    #[track_caller]
    pub(crate) fn start() -> Self {
        Setup::default().start()
    }

    /// A browser with the worked example open, its tour dismissed.
    #[track_caller]
    pub(crate) fn with_example() -> Self {
        Self::start().open_example()
    }

    pub(super) fn browser(&self) -> &Browser {
        &self.browser
    }

    fn home<T>(&self, ask: impl FnOnce(&Home) -> T) -> T {
        let running = self.browser.running.borrow();
        ask(&running.as_ref().expect("a running browser").home)
    }

    /// The session, with this tab in front.
    pub(super) fn session(&self) -> Arc<SessionHandle> {
        let running = self.browser.running.borrow();
        let running = running.as_ref().expect("a running browser");
        if *running.window.borrow() != self.window {
            let switched = RUNTIME.block_on(running.session.switch_to_window(self.window.clone()));
            switched.expect("the tab is there");
            running.window.replace(self.window.clone());
        }
        Arc::clone(&running.session)
    }

    /// Loads an address of the app: what comes after its folder.
    #[track_caller]
    pub(crate) fn go(&self, rest: &str) {
        let address = format!("{}{rest}", self.browser.setup.address);
        self.go_to(&address);
    }

    /// Loads any address.
    #[track_caller]
    pub(crate) fn go_to(&self, address: &str) {
        let session = self.session();
        self.expect_done("load", RUNTIME.block_on(session.goto(address)));
    }

    /// Loads the page anew.
    #[track_caller]
    pub(crate) fn reload(&self) {
        let session = self.session();
        self.expect_done("reload", RUNTIME.block_on(session.refresh()));
    }

    #[track_caller]
    pub(crate) fn back(&self) {
        let session = self.session();
        self.expect_done("go back", RUNTIME.block_on(session.back()));
    }

    /// What stands in the address bar.
    #[track_caller]
    pub(crate) fn address(&self) -> String {
        let address = self.js("return location.href", &[]);
        address.as_str().unwrap_or_default().to_owned()
    }

    /// The address's part after `#`.
    #[track_caller]
    pub(crate) fn fragment(&self) -> String {
        let address = self.address();
        address
            .split_once('#')
            .map_or_else(String::new, |(_, fragment)| format!("#{fragment}"))
    }

    /// Runs a script; a promise is awaited.
    #[track_caller]
    pub(crate) fn js(&self, script: &str, arguments: &[Value]) -> Value {
        let session = self.session();
        match RUNTIME.block_on(session.execute(script, arguments.to_vec())) {
            Ok(answer) => answer.json().clone(),
            Err(error) => panic!("a script failed: {error}"),
        }
    }

    /// A command of the developer tools.
    #[track_caller]
    pub(crate) fn cdp(&self, method: &str, parameters: Value) -> Value {
        let session = self.session();
        let cdp = thirtyfour::cdp::Cdp::new(session);
        match RUNTIME.block_on(cdp.send_raw(method, parameters)) {
            Ok(answer) => answer,
            Err(error) => panic!("{method} failed: {error}"),
        }
    }

    /// Another tab of the same browser, with nothing loaded yet.
    #[track_caller]
    pub(crate) fn new_tab(&self) -> Self {
        let session = self.session();
        let window = RUNTIME
            .block_on(session.new_window())
            .expect("a new window");
        let page = Self {
            browser: Rc::clone(&self.browser),
            window,
        };
        page.prepare();
        page
    }

    /// Closes this tab. Another one must be left.
    #[track_caller]
    pub(crate) fn close(self) {
        let session = self.session();
        self.expect_done("close", RUNTIME.block_on(session.close_window()));
    }

    /// What holds for every document that this tab will load.
    #[track_caller]
    pub(super) fn prepare(&self) {
        let setup = &self.browser.setup;
        let offset = self.browser.clock_offset.get();
        let clock = format!("(() => {{ const first = {offset};\n{CLOCK}\n}})()");
        for script in setup.scripts.iter().chain([&clock]) {
            self.cdp(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": script }),
            );
        }
        if (setup.width, setup.height) != DESK {
            self.resize(setup.width, setup.height);
        }
    }

    /// Kills the browser as a power cut would, and starts it again on the same profile.
    #[track_caller]
    pub(crate) fn kill_and_restart(self) -> Self {
        let setup = &self.browser.setup;
        assert!(setup.is_new, "others may have had this browser");
        let killed = self.browser.running.take().expect("a running browser");
        let again = Running::start(setup, killed.kill());
        self.browser.running.replace(Some(again));
        let window = self.browser.current_window();
        let page = Self { window, ..self };
        page.prepare();
        page
    }

    /// Opens the worked example, and dismisses the tour.
    #[track_caller]
    pub(crate) fn open_example(self) -> Self {
        use super::Find as _;
        self.button("Open the worked example…").click();
        self.role("complementary", "Tour").button("Got it").click();
        self.wait_saved();
        self
    }

    /// Says who edits.
    #[track_caller]
    pub(crate) fn be(&self, person: &str) {
        use super::Find as _;
        self.field("You are").choose(person);
    }

    /// Waits until everything is in storage, as far as the page says.
    #[track_caller]
    pub(crate) fn wait_saved(&self) {
        use super::Find as _;
        self.with_text("status", "Saved in this browser").wait();
    }

    /// Waits for an answer; in vain, it keeps a picture.
    #[track_caller]
    pub(crate) fn eventually<T>(&self, what: &str, ask: impl FnMut() -> Option<T>) -> T {
        match within(Duration::from_secs(20), ask) {
            Some(answer) => answer,
            None => self.fail(&format!("waited in vain for {what}")),
        }
    }

    /// Ends the test with a picture and what the page says.
    #[track_caller]
    pub(crate) fn fail(&self, why: &str) -> ! {
        let name = thread::current()
            .name()
            .unwrap_or("test")
            .replace("::", "-");
        let picture = self.screenshot(&format!("failed-{name}"));
        let text = self.js("return document.body.innerText", &[]);
        let text: String = text
            .as_str()
            .unwrap_or_default()
            .chars()
            .take(1_500)
            .collect();
        let address = self.address();
        panic!(
            "{why}\nat {address}, seen in {}:\n{text}",
            picture.display()
        );
    }

    /// A message with this part in it is no fault here.
    pub(crate) fn expect_in_console(&self, part: &str) {
        self.browser.expected.borrow_mut().push(part.to_owned());
    }

    /// Keeps a picture of the window.
    pub(crate) fn screenshot(&self, name: &str) -> PathBuf {
        let folder = named("CRUXBOARD_SCREENSHOTS", "../target/screenshots");
        let path = folder.join(format!("{name}.png"));
        let session = self.session();
        let taken = fs::create_dir_all(&folder)
            .ok()
            .and_then(|()| RUNTIME.block_on(session.screenshot(&path)).ok());
        if taken.is_none() {
            eprintln!("no picture could be taken for {name}");
        }
        path
    }

    /// The next downloaded file: its name and text.
    #[track_caller]
    pub(crate) fn downloaded(&self) -> (String, String) {
        self.eventually("a downloaded file", || {
            let downloads = self.home(Home::downloads);
            let entries = fs::read_dir(downloads).ok()?;
            let paths: Vec<_> = entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .collect();
            // While it is being written, an empty file holds its place.
            let [path] = paths.as_slice() else {
                return None;
            };
            let name = path.file_name()?.to_str()?.to_owned();
            let text = fs::read_to_string(path).ok()?;
            if text.is_empty() || name.starts_with('.') || name.ends_with(".crdownload") {
                return None;
            }
            fs::remove_file(path).ok()?;
            Some((name, text))
        })
    }

    /// The whole board as the app hands it out.
    #[track_caller]
    pub(crate) fn download(&self) -> String {
        use super::Find as _;
        self.button("Download").click();
        self.downloaded().1
    }

    /// Chooses a file in the dialogue that a button opens.
    #[track_caller]
    pub(crate) fn choose_file(&self, button: &super::Found, name: &str, content: impl AsRef<[u8]>) {
        let path = self.home(|home| home.0.path().join(name));
        fs::write(&path, content).expect("a file to choose");
        // No dialogue is drawn in a headless browser: the field behind it is given the file.
        self.cdp(
            "Page.setInterceptFileChooserDialog",
            json!({ "enabled": true }),
        );
        button.click();
        let session = self.session();
        let field = self.eventually("the field for a file", || {
            RUNTIME
                .block_on(session.find(By::Css("input[type=file]")))
                .ok()
        });
        let sent = RUNTIME.block_on(field.send_keys(path.display().to_string()));
        self.expect_done("choose a file", sent);
    }

    /// Drops a file onto the page.
    #[track_caller]
    pub(crate) fn drop_file(&self, name: &str, text: &str) {
        self.js(
            "const data = new DataTransfer();
             data.items.add(new File([arguments[1]], arguments[0], { type: 'application/json' }));
             const target = document.querySelector('main');
             for (const type of ['dragenter', 'dragover', 'drop']) {
                 target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
             }",
            &[json!(name), json!(text)],
        );
    }

    #[track_caller]
    pub(super) fn expect_done<T>(&self, what: &str, result: WebDriverResult<T>) -> T {
        match result {
            Ok(value) => value,
            Err(error) => panic!("could not {what}: {error}"),
        }
    }
}
