//! A scene that is ready to be played: how it begins, what it should come to, and what that takes.

use crate::instance::Instance;
use crate::life::{self, Errand, Life};
use crate::mischief::Mischief;
use crate::oracle::Holdings;
use crate::play::{self, Turn};
use crate::scene::{Scene, Wanted};
use crate::seed::{Failure, Tally};
use fastrand::Rng;
use gangplank_executor::Earlier;
use gangplank_sandbox::World;
use std::cell::RefCell;
use std::rc::Rc;

/// A scene, with what it comes to if nothing goes wrong.
#[derive(Debug)]
pub struct Stage {
    pub(crate) scene: Scene,
    /// The instance as it stands when trouble begins.
    pub(crate) begins: World,
    /// What it holds in the end.
    pub(crate) ends: Holdings,
    /// Calls that it takes.
    pub(crate) calls: u64,
    /// Writes among them.
    pub(crate) writes: u64,
    /// Operations of the plan.
    pub(crate) operations: usize,
}

thread_local! {
    /// Seeds that follow each other play the same scene, which is set up once.
    static LAST: RefCell<Option<(u64, Rc<Stage>)>> = const { RefCell::new(None) };
}

impl Stage {
    /// Sets up a scene by hand: what stands there at first, and what is wanted then.
    pub fn written(before: Option<&str>, wanted: &str) -> Result<Self, Box<Failure>> {
        play::run(0, async |_| {
            let read = |text: &str| Wanted::of(text.to_owned());
            let scene = Scene {
                variants: Vec::new(),
                before: before.map(read).transpose()?,
                wanted: read(wanted)?,
                other: None,
            };
            Self::set_up(scene, 0).await
        })
    }

    /// Writes that it takes to bring the instance to tally.
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// Calls that it takes, the writes among them.
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Plays it: one turn after the other, then one that heals all, and checks every promise.
    pub fn play(&self, turns: &[Turn], seed: u64) -> Result<Tally, Box<Failure>> {
        play::run(seed, async |story| {
            let mut random = Rng::with_seed(seed);
            play::play(self, turns, &mut random, story).await
        })
    }

    /// The scene with this number.
    pub(crate) async fn drawn(number: u64) -> Result<Rc<Self>, String> {
        let kept = LAST.with_borrow(|last| match last {
            Some((kept, stage)) if *kept == number => Some(stage.clone()),
            Some(_) | None => None,
        });
        if let Some(stage) = kept {
            return Ok(stage);
        }
        let mut random = Rng::with_seed(number);
        let stage = Rc::new(Self::set_up(Scene::draw(&mut random), random.u64(..)).await?);
        LAST.set(Some((number, stage.clone())));
        Ok(stage)
    }

    pub(crate) async fn set_up(scene: Scene, seed: u64) -> Result<Self, String> {
        let instance = open(&scene, Scene::world())?;
        if let Some(before) = &scene.before {
            let life = undisturbed(before, &instance, seed).await;
            if !life.is_done() {
                return Err(format!(
                    "undisturbed, it does not begin well: {:?}",
                    life.end
                ));
            }
        }
        let begins = instance.world();
        let life = undisturbed(&scene.wanted, &instance, seed).await;
        if !life.is_done() {
            let end = life.end;
            return Err(format!("I2 undisturbed, it does not end well: {end:?}"));
        }
        let operations = life.operations();
        Ok(Self {
            operations,
            scene,
            begins,
            ends: Holdings::of(&instance.world()),
            calls: life.calls,
            writes: life.writes,
        })
    }

    /// An instance on which it can be played.
    pub(crate) fn open(&self) -> Result<Instance, String> {
        open(&self.scene, self.begins.clone())
    }
}

fn open(scene: &Scene, world: World) -> Result<Instance, String> {
    Instance::open(world, scene.variants.clone(), 1).map_err(|error| error.to_string())
}

/// A life without trouble.
pub(crate) async fn undisturbed(wanted: &Wanted, instance: &Instance, seed: u64) -> Life {
    let errand = Errand {
        wanted,
        instance,
        client: "demo",
        earlier: Earlier::default(),
        saving: None,
    };
    life::live(&errand, Mischief::default(), seed).await
}
